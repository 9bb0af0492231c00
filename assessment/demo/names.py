"""Invented people's particulars. No region has the code, and no carrier the prefix, used here."""

from __future__ import annotations

from datetime import date
from random import Random

from members.roster.cleaning import check_digit

REGION = "990101"
PHONE_PREFIX = "154"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任"
    "姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔向汤"
)
MEN = (
    "伟 强 军 勇 杰 涛 明 超 刚 平 辉 鹏 华 飞 斌 波 宁 建国 志强 建华 国庆 永红 "
    "德明 光荣 文斌 正雄 家福 世杰 昌林 兴国 宗贤 启明 朝阳 大伟 海波 俊峰 立新 "
    "洪涛 先进 开平 应龙 绍武 天佑 子轩 浩然 宇航"
).split()
WOMEN = (
    "芳 娜 敏 静 丽 艳 娟 霞 燕 玲 梅 萍 红 英 兰 莉 倩 桂英 秀兰 玉兰 淑珍 春梅 "
    "晓燕 丽娟 雪梅 佳慧 美玲 文静 婷婷 思敏 雨涵 欣怡 忠琴 远芬 明珍 正群 成碧 "
    "维萍 昌会 光敏 永秀 朝霞 小红 素芬"
).split()
ETHNICITIES = ["汉族"] * 15 + ["苗族", "土家族", "仡佬族", "布依族", "侗族"]
EDUCATIONS = ["小学", "初中", "初中", "高中", "高中", "中专", "大专", "大专", "大学本科", "研究生"]
OCCUPATIONS = [
    "离退休人员",
    "离退休人员",
    "社区居民",
    "个体工商户",
    "企业职工",
    "教师",
    "医务人员",
    "自由职业",
    "物业管理人员",
    "社区网格员",
]


def full_name(dice: Random, sex: str) -> str:
    return dice.choice(SURNAMES) + dice.choice(MEN if sex == "male" else WOMEN)


def id_number(number: int, birth: date, sex: str) -> str:
    """A number with a right check digit in a region that does not exist; unique by `number`.

    With more than 500 of a birth date and sex the region's last digits count on.
    """
    region = int(REGION) + number // 500
    order = number % 500 * 2 + (sex == "male")
    first17 = f"{region}{birth:%Y%m%d}{order:03}"
    return first17 + check_digit(first17)


def phone(number: int) -> str:
    return f"{PHONE_PREFIX}{number:08}"
